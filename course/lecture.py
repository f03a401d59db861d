"""The numbers that the lecture published, as data, each with its slide: what the course is held against.

CS231n (Stanford, spring 2017), lecture 6, "Training Neural Networks, Part I", by Fei-Fei Li, Justin Johnson
and Serena Yeung. Conditions that the slides leave out are said where a table is reproduced.
"""

import numpy as np

# Table A, slides 44 to 51: mean and standard deviation of the activations, input and layers 1 to 10, of 1000
# samples of a 500-D unit gaussian through ten layers of 500 units, no bias. Shape (11, 2) each.
_means_and_stds = {
    ("tanh", "normal 0.01"): [  # slides 44 to 46
        [0.000927, -0.000117, -0.000001, -0.000002, 0.000001, 0.000002,
         -0.000000, 0.000000, -0.000000, 0.000000, -0.000000],
        [0.998388, 0.213081, 0.047551, 0.010630, 0.002378, 0.000532,
         0.000119, 0.000026, 0.000006, 0.000001, 0.000000],
    ],
    ("tanh", "normal 1.0"): [  # slide 47
        [0.001800, -0.000430, -0.000849, 0.000566, 0.000483, -0.000682,
         -0.000401, -0.000237, -0.000448, -0.000899, 0.000584],
        [1.001311, 0.981879, 0.981649, 0.981601, 0.981755, 0.981614,
         0.981560, 0.981520, 0.981913, 0.981728, 0.981736],
    ],
    ("tanh", "xavier"): [  # slide 48
        [0.001800, 0.001198, -0.000175, 0.000055, -0.000306, 0.000142,
         -0.000389, -0.000228, -0.000291, 0.000361, 0.000139],
        [1.001311, 0.627953, 0.486051, 0.407723, 0.357108, 0.320917,
         0.292116, 0.273387, 0.254935, 0.239266, 0.228008],
    ],
    ("relu", "xavier"): [  # slide 49
        [0.000501, 0.398623, 0.272352, 0.186076, 0.136442, 0.099568,
         0.072234, 0.049775, 0.035138, 0.025404, 0.018408],
        [0.999444, 0.582273, 0.403795, 0.276912, 0.198685, 0.140299,
         0.103280, 0.072748, 0.051572, 0.038583, 0.026076],
    ],
    ("relu", "he"): [  # slides 50 to 51
        [0.000501, 0.562488, 0.553614, 0.545867, 0.565396, 0.547678,
         0.587103, 0.596867, 0.623214, 0.567498, 0.552531],
        [0.999444, 0.825232, 0.827835, 0.813855, 0.826902, 0.834092,
         0.860035, 0.870610, 0.889348, 0.845357, 0.844523],
    ],
}  # fmt: skip
ACTIVATION_STATISTICS = {key: np.array(rows).T for key, rows in _means_and_stds.items()}

# Table B, slides 66 to 67: overfitting 20 examples. Epoch, cost, training accuracy (NaN where not quoted).
# 200 epochs, no regularization, learning rate 1e-3, full batch, no decay.
OVERFIT_20 = np.array([
    [*range(1, 20), *range(195, 201)],
    [2.302603, 2.302258, 2.301849, 2.301196, 2.300044, 2.297864, 2.293595, 2.285096, 2.268094, 2.234787,
     2.173187, 2.076862, 1.974090, 1.895885, 1.820876, 1.737430, 1.642356, 1.535239, 1.421527, 0.002694,
     0.002674, 0.002655, 0.002635, 0.002617, 0.002597],
    [0.40, 0.45, 0.60, 0.65, 0.65, 0.55, 0.60, 0.55, 0.55, 0.50, 0.50, 0.50, 0.40, 0.40, 0.45, 0.45, 0.50,
     0.60, 0.60, *5 * [np.nan], 1.00],
]).T  # fmt: skip

# Table C, slides 70 to 74: three learning rates. Epoch, cost, training and validation accuracy. Plain SGD on
# minibatches, reg 1e-6, no decay, 10 epochs.
LEARNING_RATES = {
    1e-6: np.array([
        range(1, 11),
        [2.302576, 2.302582, 2.302558, 2.302519, 2.302517, 2.302518, 2.302466, 2.302452, 2.302459,
         2.302420],
        [0.080, 0.121, 0.119, 0.127, 0.158, 0.179, 0.180, 0.175, 0.206, 0.190],
        [0.103, 0.124, 0.138, 0.151, 0.171, 0.172, 0.176, 0.185, 0.192, 0.192],
    ]).T,
    1e6: np.array([
        range(1, 4),
        3 * [np.nan],
        [0.091, 0.095, 0.100],
        [0.087, 0.087, 0.087],
    ]).T,
    3e-3: np.array([
        range(1, 7),
        [2.186654, 2.176230, 1.942257, 1.827868, np.inf, np.inf],
        [0.308, 0.330, 0.376, 0.329, 0.128, 0.144],
        [0.306, 0.350, 0.352, 0.310, 0.128, 0.147],
    ]).T,
}  # fmt: skip

# Table D, slide 77: coarse search, the 11 trials shown. Validation accuracy, learning rate, reg. Drawn as
# reg = 10**U(-5, 5), learning rate = 10**U(-3, -6); 5 epochs, batch 100, decay 0.9.
COARSE_SEARCH = np.array([
    [0.412, 1.405206e-04, 4.793564e-01], [0.214, 7.231888e-06, 2.321281e-04],
    [0.208, 2.119571e-06, 8.011857e01], [0.196, 1.551131e-05, 4.374936e-05],
    [0.079, 1.753300e-05, 1.200424e03], [0.223, 4.215128e-05, 4.196174e01],
    [0.441, 1.750259e-04, 2.110807e-04], [0.241, 6.749231e-05, 4.226413e01],
    [0.482, 4.296863e-04, 6.642555e-01], [0.079, 5.401602e-06, 1.599828e04],
    [0.154, 1.618508e-06, 4.925252e-01],
])  # fmt: skip

# Table E, slides 78 to 79: fine search, trials 0 to 21. Validation accuracy, learning rate, reg. Drawn as
# reg = 10**U(-4, 0), learning rate = 10**U(-3, -4); epochs, batch and decay are not printed.
FINE_SEARCH = np.array([
    [0.527, 5.340517e-04, 4.097824e-01], [0.492, 2.279484e-04, 9.991345e-04],
    [0.512, 8.680827e-04, 1.349727e-02], [0.461, 1.028377e-04, 1.220193e-02],
    [0.460, 1.113730e-04, 5.244309e-02], [0.498, 9.477776e-04, 2.001293e-03],
    [0.469, 1.484369e-04, 4.328313e-01], [0.522, 5.586261e-04, 2.312685e-04],
    [0.530, 5.808183e-04, 8.259964e-02], [0.489, 1.979168e-04, 1.010889e-04],
    [0.490, 2.036031e-04, 2.406271e-03], [0.475, 2.021162e-04, 2.287807e-01],
    [0.460, 1.135527e-04, 3.905040e-02], [0.515, 6.947668e-04, 1.562808e-02],
    [0.531, 9.471549e-04, 1.433895e-03], [0.509, 3.140888e-04, 2.857518e-01],
    [0.514, 6.438349e-04, 3.033781e-01], [0.502, 3.921784e-04, 2.707126e-04],
    [0.509, 9.752279e-04, 2.850865e-03], [0.500, 2.412048e-04, 4.997821e-04],
    [0.466, 1.319314e-04, 1.189915e-02], [0.516, 8.039527e-04, 1.528291e-02],
])  # fmt: skip

# Slides 64 to 65: the first loss of a 3072-50-10 network without and with regularization.
SANITY_LOSS = {0.0: 2.30261216167, 1e3: 3.06859716482}

# Slide 87: the size of an update against that of the weights, measured on the slide, and wanted.
UPDATE_RATIO, WANTED_UPDATE_RATIO = 0.01, 0.001

# Dead units: a share of 10 to 20% in a trained network, as the speaker says at slide 28, and "as much as
# 40%" with too high a learning rate, as part 1 of the course's notes has it.
DEAD_UNITS, DEAD_UNITS_AT_MOST = (0.10, 0.20), 0.40
