## Меню
models-menu-settings = Языковая модель
models-menu-calls = Вызовы ИИ

## Настройки
models-lead = Модель, которая отвечает в шаге ИИ ваших ботов. Вопросы людей отправляются провайдеру, которого вы здесь выбрали.
models-settings = Настройки
models-is-on = Спрашивать модель
models-is-on-help = Вопросы людей, а с ними последняя часть разговора и то, что бот находит для ответа, уходят с этого сервера к провайдеру, возможно, в другую страну. Включайте, зная об этом.
models-provider = Провайдер
models-provider-openai = OpenAI или совместимый
models-provider-gemini = Google Gemini
models-provider-unknown = Такого провайдера нет
models-model = Модель
models-model-help = Название, как его пишет провайдер: gpt-4o-mini, gemini-2.5-flash. Модели, которые сначала рассуждают, тратят токены и на рассуждения: им нужен запас побольше.
models-model-has-space = В названии модели не бывает пробелов
models-base-url = Адрес
models-base-url-help = Только для другого сервера: https://host/v1. Пусто — адрес самого провайдера.
models-address-not-bare = В адресе не должно быть имени, пароля, вопросительного знака и решётки
models-address-not-secure = Адрес должен начинаться с https://, иначе ключ можно прочитать по дороге
models-key = Ключ
models-key-help = Хранится зашифрованным и больше не показывается.
models-key-set = Ключ задан, оканчивается на { $end }. Чтобы оставить его, ничего не вводите.
models-key-again = Провайдер или адрес изменился: введите ключ ещё раз
models-key-missing = Без ключа спросить нельзя
models-key-wrong = Это не ключ: от 8 до 400 латинских букв, цифр и знаков без пробелов
models-key-remove = Удалить ключ
models-key-remove-question = Удалить ключ? Модель больше не будут спрашивать.
models-key-removed = Ключ удалён.
models-tokens-per-day = Токенов в день
models-tokens-per-day-help = Когда они закончатся, боты до завтра отвечают без модели. 0 — ни одного вызова.
models-tokens-wrong = Целое число от 0 до 1 000 000 000
models-input-price = Цена миллиона входных токенов, $
models-output-price = Цена миллиона выходных токенов, $
models-price-help = Из прайс-листа провайдера, например 0.15 и 0.60. Без цен журнал считает только токены.
models-price-both = Обе цены или ни одной
models-saved = Сохранено.
models-ready = Модель включена.
models-is-off = Модель выключена: её не спрашивают.
models-not-set = Модель не задана: боты отвечают из собственных знаний.
models-spent-today = Израсходовано сегодня
models-spent-of = { $used } из { $budget } токенов
models-reserved-today = Занято вызовами, исход которых неизвестен

## Проверка
models-check = Проверить
models-check-answered = Модель ответила «{ $answer }» за { $ms } мс
models-check-failed = { $why } ({ $ms } мс)

## Что пошло не так
models-refused-not-set = Языковая модель не задана
models-refused-over-budget = Сегодняшнего запаса токенов не хватает на этот вызов
models-failure-wrong-key = Провайдер не принимает ключ, или этой моделью с ним пользоваться нельзя
models-failure-key-lost = Сохранённый ключ не открывается: секрет сервера заменили. Введите ключ ещё раз
models-failure-unknown-model = У провайдера нет такой модели, или адрес неверен
models-failure-too-many = Провайдер просит подождать: слишком много вызовов
models-failure-unpaid = На счёте у провайдера закончились деньги
models-failure-overloaded = Провайдер перегружен или неисправен
models-failure-unreachable = По этому адресу до провайдера не дойти
models-failure-refused-address = Адрес ведёт во внутреннюю сеть. Разрешить её может тот, кто держит сервер
models-failure-timed-out = Провайдер отвечал слишком долго
models-failure-blocked = Фильтр провайдера не пропустил вопрос или ответ
models-failure-rejected = Провайдер не принимает запрос: он слишком длинный или не по силам этой модели
models-failure-not-valid = Провайдер прислал не ответ

## Вызовы
models-calls-lead = О чём спрашивали модели за последние 90 дней и сколько это стоило.
models-calls = Вызовы
models-calls-empty = Вызовов ещё нет
models-calls-empty-hint = Здесь будет виден каждый вопрос к модели, её ответ и цена.
models-call = Вызов
models-call-number = Вызов { $number }
models-at = Когда
models-state = Состояние
models-state-begun = идёт
models-state-answered = есть ответ
models-state-failed = без ответа
models-state-refused = сверх запаса
models-state-unknown = неизвестно
models-state-wrong = Такого состояния нет
models-unknown-help = Сервер остановился во время этого вызова, или его конца никто не дождался. Токены того дня остаются занятыми.
models-purpose = Для чего
models-purpose-check = Проверка настроек
models-purpose-assistant = Помощник в чате
models-label = Кто спросил
models-input-tokens = Входные токены
models-output-tokens = Выходные токены
models-estimated = около { $tokens }
models-cost = Стоимость
models-cost-note = по ценам того времени
models-duration = Время, мс
models-took = { $ms } мс
models-tools = Инструменты
models-question = Вопрос
models-answer = Ответ
