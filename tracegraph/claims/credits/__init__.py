"""Book and claim: credits with serial numbers, who owns which, and which were used twice.

Source: ISO 22095:2020, 5.5.
"""
