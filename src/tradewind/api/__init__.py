"""The product over HTTP: routers translate and call, errors and money have one form, live figures are pushed."""
