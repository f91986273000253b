tax-rate-day-taken = There is a rate that begins on this day already
tax-rate-out-of-range = A rate is from 0 to 100 percent
tax-rates-too-many = Too many rates, at most { $max }
