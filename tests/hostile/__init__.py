"""Inputs that are out to do harm, each made here, run in child processes that have little memory and time."""
