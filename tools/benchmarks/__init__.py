"""`make bench`: timings, each as a ratio to something simpler in the same run. Nothing here is asserted in a test."""
