"""The shapes that travel over HTTP; the web app's typed client is generated from them."""
