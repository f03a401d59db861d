import numpy as np
import pytest

from course import arguments


def test_floats_share_memory_where_they_can():
    x = np.ones(3)
    assert arguments.floats("x", x) is x
    assert arguments.floats("x", np.ma.masked_array(x, False)).tolist() == [1, 1, 1]


@pytest.mark.parametrize("bad", [1j, "one", None, [[1], [1, 2]], np.array(["a"])])
def test_floats_refuses_what_is_no_number(bad):
    with pytest.raises((TypeError, ValueError)) as raised:
        arguments.floats("x", bad)
    if raised.type is TypeError:
        assert "x must hold real numbers, but its dtype is" in str(raised.value)


def test_matching_names_both_shapes():
    assert arguments.matching("dout", [1, 2], (2,), "x").dtype == np.float64
    with pytest.raises(ValueError, match=r"dout has the shape \(1,\), but x asks for \(2,\)\."):
        arguments.matching("dout", [1.0], (2,), "x")


@pytest.mark.parametrize(
    ("y", "words"),
    [
        ([0, 1], r"y must have the shape \(3,\), one label a row, but has \(2,\)"),
        ([[0], [1], [2]], r"y must have the shape \(3,\), one label a row, but has \(3, 1\); .* ravel\(\)"),
        (np.eye(3, dtype=int), r"but has \(3, 3\); one-hot rows need argmax\(axis=1\)"),
        ([0, 1, 3], r"y\[2\] is 3, but labels run from 0 to 2"),
        ([0, -1, 5], r"y\[1\] is -1, but labels run from 0 to 2"),
        ([0.0, 1.0, 2.0], r"y must hold whole numbers, but y\[0\] is 0.0, float64"),
        ([0, 1, np.nan], r"y must hold whole numbers, but y\[2\] is nan, float64"),
        ([0, 1.5, np.inf], r"y must hold whole numbers, but y\[1\] is 1.5, float64"),
        (["a", "b", "c"], "y must hold whole numbers, but its dtype is <U1"),
        ([0, None, 1], "y must hold whole numbers, but its dtype is object"),
        ([True, False, True], "y must hold whole numbers, but its dtype is bool"),
    ],
)
def test_labels_name_the_first_bad_one(y, words):
    with pytest.raises(ValueError, match=words):
        arguments.labels("y", y, count=3, classes=3)


def test_labels_come_back_as_they_are():
    y = np.array([2, 0, 1], np.uint8)
    assert arguments.labels("y", y, count=3, classes=3) is y
    with pytest.raises(ValueError, match="y must hold whole numbers, but its dtype is float64"):
        arguments.labels("y", [], count=0, classes=3)


@pytest.mark.parametrize("bad", [-1, 2, np.nan, [0.5, np.nan], [0, 3]])
def test_a_number_outside_its_range_is_refused(bad):
    with pytest.raises(ValueError, match="rate must lie between 0 and 1, but is"):
        arguments.number("rate", bad, 0, 1)


def test_a_single_number_is_one_and_finite():
    assert arguments.single("h", np.float32(0.5)) == 0.5
    assert arguments.single("h", np.inf, high=np.inf) == np.inf
    for bad in ([0.5], [0.5, 0.5]):
        with pytest.raises(ValueError, match=r"h must be one number, but has the shape"):
            arguments.single("h", bad)
    for bad in (np.inf, -np.inf, np.nan, np.float32(np.inf)):
        with pytest.raises(ValueError, match="h must lie between"):
            arguments.single("h", bad)
    with pytest.raises(ValueError, match="h must lie between 0 and 1, but is 2"):
        arguments.single("h", 2, 0, 1)


@pytest.mark.parametrize("bad", [0, 1.0, "1", True, None, np.float64(2)])
def test_what_is_no_whole_number_is_refused(bad):
    with pytest.raises(ValueError, match="n must be a whole number of at least 1, but is"):
        arguments.whole("n", bad)


def test_the_ends_of_a_range_belong_to_it():
    assert arguments.number("rate", [0, 1], 0, 1).tolist() == [0, 1]
    assert arguments.number("rate", [-np.inf, np.inf]).tolist() == [-np.inf, np.inf]
    assert arguments.whole("n", 1) == 1
    assert arguments.whole("n", 0, low=0) == 0


def test_whole_numbers_of_numpy_are_whole_numbers():
    assert arguments.whole("n", np.int64(3)) == 3


def test_a_choice_lists_what_there_is():
    assert arguments.choice("mode", "a", {"a": 1, "b": 2}) == "a"
    with pytest.raises(ValueError, match="mode must be one of a, b, but is 'c'"):
        arguments.choice("mode", "c", {"a": 1, "b": 2})


def test_a_generator_comes_back_as_it_is():
    rng = np.random.default_rng(0)
    assert arguments.generator("rng", rng) is rng


@pytest.mark.parametrize("bad", [0, None, np.random.RandomState(0), np.random])
def test_randomness_is_a_generator(bad):
    with pytest.raises(TypeError, match="rng must be a generator"):
        arguments.generator("rng", bad)
