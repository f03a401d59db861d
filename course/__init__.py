"""Training neural networks: the kernels, experiments and figures that the notebooks import, in NumPy."""
