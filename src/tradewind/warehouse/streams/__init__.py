"""What flows into and out of projects by itself: topics into data sources, copies between them, exports."""
