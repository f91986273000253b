### Faults of a blueprint, found when it is saved.

flow-file-malformed = Файл не читается: { $reason }
flow-file-long = Файл слишком длинный: не больше { $kilobytes } КБ.
flow-format-unknown = Неизвестная версия формата; программа знает формат { $known }.
flow-field-missing = Это поле обязательно.
flow-field-unknown = Такого поля нет.
flow-field-type = Здесь ожидается другое значение: { $expected }
flow-name-malformed = «{ $name }» не годится как имя: строчные латинские буквы, цифры и подчёркивание.
flow-name-twice = Имя «{ $name }» использовано дважды.
flow-heard-empty = Во фразе «{ $phrase }» нет ни букв, ни цифр.
flow-kind-unknown = Нет шага вида «{ $name }».
flow-word-unknown = «{ $word }» непонятно. Возможные значения: { $known }
flow-number-range = Число должно быть от { $min } до { $max }.
flow-date-malformed = «{ $piece }» не дата. Например: 2026-11-20, today, today-17y
flow-too-many = Может быть не больше { $max }.
flow-step-unknown = Нет шага «{ $name }».
flow-step-unreachable = К шагу «{ $name }» никто не приходит.
flow-dead-end = Тупик: не сказано, куда идти дальше.
flow-endless-round = Шаг «{ $name }» ходит по кругу, ничего не спрашивая.
flow-never-returns = Поток, вызванный шагом «{ $name }», никогда не возвращается.
flow-home-asks-nothing = Главный шаг должен о чём-то спрашивать.
flow-translation-missing = Не хватает перевода: { $languages }
flow-text-malformed = Ошибка в тексте: { $piece }
flow-text-long = Слишком длинный текст: { $length } знаков при пределе { $max }.
flow-plural-forms = Неверное число форм слова: { $forms }, нужно { $wanted }.
flow-expression-malformed = Непонятное выражение: { $piece }
flow-variable-unknown = Переменная «{ $name }» не объявлена.
flow-command-malformed = «{ $name }» не годится как команда: 1–32 строчных латинских букв, цифр или подчёркиваний.
flow-action-unknown = Нет действия «{ $name }».
flow-argument-unknown = У этого действия нет аргумента «{ $name }».
flow-argument-missing = Не задан аргумент «{ $name }».
flow-outcome-unknown = Это действие не заканчивается исходом «{ $name }».
flow-outcome-missing = Не сказано, что делать при исходе «{ $name }».
flow-address-malformed = «{ $address }» не адрес: он начинается с https:// или http://

# Changes made in the visual editor.
flow-file-no-toml = Файл не читается: сначала исправьте ошибку в его тексте.
flow-no-flow-of-form = В этом боте нет потока, который подаёт анкету { $form }.
flow-flow-taken = В этом боте уже есть поток { $flow }: выберите другой код.
flow-change-misplaced = На месте { $path } этого записать нельзя.
flow-change-impossible = Это изменение не удалось записать в файл. Внесите его в виде файла.
