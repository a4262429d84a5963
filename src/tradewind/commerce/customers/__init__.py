"""Who buys: profiles, and under which id each channel knows them."""
