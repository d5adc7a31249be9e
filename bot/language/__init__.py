"""Reads flow files into typed models; every fault it finds is told with its place, never raised one at a time."""
