"""The clinic: faults that people have, planted into networks that train, what is seen of them, and their repair."""
