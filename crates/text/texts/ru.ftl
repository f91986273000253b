kernel-number-malformed = Это не число
kernel-number-too-precise = Слишком много знаков после запятой
kernel-number-too-large = Слишком большое число
kernel-moment-malformed = Неверное время; пример: 2026-11-20T09:30:00Z
kernel-date-malformed = Неверная дата; пример: 20.11.2026
kernel-phone-malformed = Неверный номер телефона; пример: +998 90 123 45 67
kernel-tin-malformed = СТИР — 9 цифр, код плательщика НДС — 12, ПИНФЛ — 14
kernel-pinfl-malformed = ПИНФЛ состоит из 14 цифр
kernel-mxik-malformed = МХИК состоит из 17 цифр
kernel-barcode-malformed = Неверный штрих-код: контрольная цифра не сходится
kernel-text-missing = Обязательно для заполнения
kernel-text-too-long = Слишком длинный текст, не более { $max } знаков
kernel-text-has-control = В тексте есть невидимый управляющий символ
kernel-fields-invalid = Исправьте отмеченные поля
kernel-not-found = Такой записи нет, или она удалена
kernel-forbidden = У вас нет на это разрешения
kernel-unauthenticated = Сначала войдите
kernel-busy = Сервер сейчас занят, повторите чуть позже
kernel-internal = У нас произошла ошибка, она записана. Повторите чуть позже
db-text-has-nul = В тексте есть невидимый нулевой символ
net-address-invalid = Адрес «{ $address }» неверен: он должен начинаться с http:// или https://.
net-address-refused = «{ $host }» находится во внутренней сети, соединение запрещено. Разрешить может владелец сервера.

# Limits that the operator of the server sets

kernel-limit-members = Здесь может работать не больше { $most } участников. Попросите оператора сервера увеличить лимит
kernel-limit-bots = Здесь может быть не больше { $most } ботов. Попросите оператора сервера увеличить лимит
kernel-limit-contacts = Здесь может быть не больше { $most } контактов. Попросите оператора сервера увеличить лимит
