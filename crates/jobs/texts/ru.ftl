jobs-ended-already = Это задание уже завершено
jobs-not-ended = Это задание ещё не завершено
