tax-rate-day-taken = Ставка, действующая с этого дня, уже есть
tax-rate-out-of-range = Ставка бывает от 0 до 100 процентов
tax-rates-too-many = Слишком много ставок, не больше { $max }
