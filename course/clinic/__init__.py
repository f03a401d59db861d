"""The clinic: faults that people have, planted into networks that train, and what is seen of them."""
