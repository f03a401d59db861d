"""How fast the course is, beside NumPy's plain forms and its peers: `make bench`."""
