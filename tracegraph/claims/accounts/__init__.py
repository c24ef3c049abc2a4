"""Credit and material accounts: postings to changes, changes to a series of balances, credits that expire, periods and
statements. Source: ISO 22095:2020, 5.4.2 and Annex C.

Amounts are exact: sums are kept as whole numbers over one denominator, so a third of a tonne taken three times is one
tonne. What is shown is a Decimal; one with more than 50 digits is rounded half to even, in the answer only.
"""
