"""Every client library puts a key into the same partition."""

import pytest
from kafka.partitioner.default import murmur2 as library_murmur2

from infra.kafka.partitioning import PARTITIONS, murmur2, partition_of

# From the Java client's own unit test (org.apache.kafka.common.utils.UtilsTest.testMurmur2), as unsigned numbers.
JAVA = {"21": -973932308, "foobar": -790332482, "a-little-bit-long-string": -985981536, "abc": 479470107}


@pytest.mark.parametrize("text", JAVA)
def test_murmur2_gives_what_the_java_client_gives(text: str) -> None:
    """Signed in Java, unsigned here."""
    assert murmur2(text.encode()) == JAVA[text] % 2**32


@pytest.mark.parametrize("key", ["", "a", "client/91110000MA00000000/客户-7", "x" * 1001])
def test_partition_of_agrees_with_the_library(key: str) -> None:
    """For keys of any script and length."""
    assert partition_of(key) == (library_murmur2(key.encode()) & 0x7FFFFFFF) % PARTITIONS
