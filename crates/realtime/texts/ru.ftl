realtime-topic-malformed = Тема состоит из строчных латинских букв, цифр, дефиса и точки: order.shipped
realtime-too-many = Открыто слишком много потоков. Закройте лишние окна
realtime-data-too-long = Данные не должны превышать { $bytes } байт
