# Checks of what people type

auth-name-missing = Не указано название или имя
auth-text-too-long = Не больше { $most } символов
auth-text-invisible = В тексте есть невидимые символы
auth-email-malformed = Неверный адрес электронной почты; пример: imya@primer.uz
auth-email-taken = С этой почтой уже зарегистрированы
auth-username-malformed = Логин — 3–32 символа: начинается с латинской буквы, дальше буквы, цифры, точка, дефис
auth-username-taken = Этот логин занят
auth-login-taken = Эту почту или логин только что заняли
auth-login-missing = Нужна почта или логин
auth-password-short = Пароль — не короче { $least } символов
auth-password-long = Пароль — не длиннее { $most } символов
auth-password-guessed = Такой пароль легко подобрать, придумайте другой
auth-password-wrong = Текущий пароль неверен
auth-zone-unknown = Такого часового пояса нет

# Signing in

auth-sign-in-refused = Неверный логин или пароль
auth-wait = { $minutes ->
    [0] Слишком много попыток. Повторите через { $seconds } с
   *[other] Слишком много попыток. Попробуйте снова через { $minutes } мин.
}
auth-sign-up-closed = Регистрация на этом сервере закрыта. Обратитесь к администратору
auth-sign-in-workspace-unknown = Вы не состоите в таком рабочем пространстве
auth-refresh-refused = Сеанс завершён. Войдите заново
auth-no-workspace = Сейчас вы не состоите ни в одном рабочем пространстве. Обратитесь к своему администратору
auth-workspace-exists = На сервере уже есть рабочее пространство
auth-slug-taken = Адрес «{ $slug }» занят
auth-environment-key-short = Ключ в API_KEYS должен быть не короче 16 символов

# Members and roles

auth-beyond-own = Нельзя дать или забрать права, которых нет у вас
auth-last-admin = В рабочем пространстве должен остаться хотя бы один администратор
auth-member-already = Этот человек уже участник
auth-member-was-here = Этот человек уже был участником. Включите его снова в списке участников
auth-member-state-other = Состояние участника изменилось. Обновите страницу
auth-member-belongs-elsewhere = Этот человек работает и в другом пространстве; пароль может сменить только он сам
auth-member-active = Активен
auth-member-inactive = Отключён
auth-role-admin = Администратор
auth-role-manager = Менеджер
auth-role-cashier = Кассир
auth-role-warehouse = Кладовщик
auth-role-user = Пользователь
auth-role-missing = Выберите роль
auth-role-unknown = Такой роли нет
auth-role-name-taken = Роль с таким названием уже есть
auth-role-built-in = Готовую роль изменить нельзя. Создайте свою
auth-role-in-use = Эта роль есть у участников. Сначала дайте им другую
auth-roles-too-many = Своих ролей — не больше { $most }

# API keys

auth-key-kind-unknown = Вид — «api_key» или «service»
auth-key-without-scopes = Выберите хотя бы одно право
auth-key-expiry-past = Срок должен быть в будущем
auth-key-revoked-before = Этот ключ уже отозван
auth-keys-too-many = Действующих ключей — не больше { $most }

# Pages: signing in

auth-sign-in = Войти
auth-sign-up = Зарегистрироваться
auth-sign-up-lead = Откроется рабочее пространство вашей компании, вы станете его администратором.
auth-to-sign-up = Нет учётной записи? Зарегистрируйтесь
auth-to-sign-in = Уже есть учётная запись? Войдите
auth-login = Почта или логин
auth-password = Пароль
auth-password-help = Не меньше 8 символов. Хороший пароль — фраза из нескольких слов.
auth-your-name = Ваше имя
auth-email = Электронная почта
auth-phone = Телефон

# Pages: profile

auth-profile = Профиль
auth-profile-tab = Личное
auth-password-tab = Пароль
auth-sessions-tab = Сеансы
auth-language = Язык
auth-theme = Оформление
auth-theme-dark = Тёмное
auth-theme-light = Светлое
auth-theme-help = Так страницы откроются на новых устройствах. Кнопка вверху — только для этого устройства.
auth-saved = Сохранено
auth-password-current = Текущий пароль
auth-password-new = Новый пароль
auth-password-new-help = Не меньше 8 символов. Сеансы на других устройствах завершатся.
auth-password-change = Сменить пароль
auth-password-changed = Пароль изменён. Завершено других сеансов: { $ended }
auth-session-device = Устройство
auth-session-device-unknown = Неизвестное устройство
auth-session-address = Адрес
auth-session-seen = Последний раз
auth-session-since = с { $at }
auth-session-since-token = с { $at }, по токену (API)
auth-session-this = Этот сеанс
auth-session-end = Завершить
auth-session-ended = Сеанс завершён
auth-sessions-end-others = Завершить другие сеансы
auth-sessions-end-others-ask = На всех других устройствах придётся войти заново.

# Pages: workspaces and the company

auth-workspaces = Рабочие пространства
auth-workspace-new = Новое рабочее пространство
auth-workspace-made = Рабочее пространство создано
auth-workspace-open = Открыть
auth-workspace-open-now = Сейчас открыто
auth-invitation-accept = Принять
auth-invitation-decline = Отклонить
auth-company = Компания
auth-company-name = Название компании
auth-company-tin = СТИР (ИНН)
auth-company-tin-help = СТИР — 9 цифр, код НДС — 12, ПИНФЛ — 14
auth-company-address = Адрес
auth-company-zone = Часовой пояс
auth-company-bank = Банк
auth-company-mfo = МФО
auth-company-account = Расчётный счёт
auth-company-vat-code = Код плательщика НДС
auth-company-director = Руководитель
auth-company-accountant = Главный бухгалтер
auth-company-papers-help = Банк, коды и подписи стоят в счёте-фактуре.
auth-digits-wrong = Нужно цифр: { $count }

# Pages: members

auth-members = Участники
auth-name = Имя
auth-role = Роль
auth-state = Состояние
auth-member-since = Добавлен
auth-member-search = Имя, почта, логин или телефон
auth-member-add = Добавить участника
auth-member-add-lead = Для тех, у кого нет почты, или если первый пароль вы передаёте сами. Остальных лучше пригласить.
auth-member-added = Участник добавлен
auth-username = Логин
auth-username-help = Для тех, у кого нет почты: латинские буквы и цифры
auth-password-first = Первый пароль
auth-password-first-help = Сообщите его человеку; после входа пусть сменит.
auth-password-reset = Сбросить пароль
auth-password-reset-lead = Если участник забыл пароль. Все его сеансы завершатся.
auth-role-change = Сменить роль
auth-member-activate = Включить снова
auth-member-deactivate = Отключить
auth-member-deactivate-ask = Участник сразу потеряет доступ. Сделанное им останется.
auth-invitation-withdraw = Отозвать
auth-invitation-withdraw-ask = Этот человек больше не сможет принять приглашение.
auth-nothing-to-change = Не указано, что изменить

# Pages: roles and the grid

auth-roles = Роли
auth-roles-lead = Кто что видит и может менять.
auth-role-kind = Вид
auth-role-members = Участников
auth-role-own = Своя
auth-role-ready = Готовая
auth-role-new = Новая роль
auth-role-name = Название роли
auth-role-copy = Скопировать
auth-role-delete = Удалить
auth-role-delete-ask = Эта роль будет удалена.
auth-permissions = Права
auth-permission-unknown = Такого права нет
auth-verb-read = Чтение
auth-verb-create = Создание
auth-verb-edit = Правка
auth-verb-delete = Удаление
auth-verb-export = Экспорт
auth-area-sales = Продажи
auth-area-inventory = Товары и склад
auth-area-purchases = Закупки
auth-area-finance = Финансы
auth-area-reports = Отчёты
auth-area-users = Участники
auth-area-settings = Настройки
auth-area-tickets = Обращения
auth-area-applications = Заявки
auth-area-surveys = Опросы
auth-area-bots = Боты
auth-area-broadcast = Рассылки
auth-area-audit = Журнал действий

# Pages: API keys

auth-keys = API-ключи
auth-keys-lead = С этими ключами подключаются другие программы.
auth-keys-empty = Ключей пока нет
auth-keys-empty-hint = Создайте ключ для 1С, сайта или кассовой программы.
auth-key-new = Новый ключ
auth-key-new-lead = Ключ может только то, что вы отметите. Когда вы уйдёте, он перестанет работать.
auth-key-kind = Для кого
auth-key-kind-api = Внешняя система (API-ключ)
auth-key-kind-service = Внешний бот (сервисный токен)
auth-key-kind-help = Внешний бот передаёт токен в заголовке X-SERVICE-TOKEN.
auth-key-sent-as = В запросах передаётся в заголовке { $header }.
auth-key-name = Название
auth-key-name-help = Для какой программы: «1С», «Сайт»
auth-key-maker = Кто создал
auth-key-used = Последний раз
auth-key-expires = Действует до
auth-key-term = Срок
auth-key-term-30 = 30 дней
auth-key-term-90 = 90 дней
auth-key-term-365 = 1 год
auth-key-term-none = Пока не отозван
auth-key-make = Создать ключ
auth-key-holds = Действует
auth-key-expired = Истёк
auth-key-revoked = Отозван
auth-key-revoked-now = Ключ отозван
auth-key-revoke = Отозвать
auth-key-revoke-ask = Программа с ключом «{ $name }» сразу потеряет доступ.
auth-key-shown-once = Скопируйте ключ сейчас: больше он не покажется.
auth-key-shown-before = Ключ уже создан и был показан. Если вы его не скопировали, отзовите его и создайте новый.
auth-key-copy = Скопировать
auth-key-done = К ключам

# Letters, links, addresses

auth-link-title = Ссылка
auth-link-closed = Ссылка уже использована, устарела или неполная. Запросите новую
auth-forgot = Забыли пароль?
auth-forgot-lead = Мы пришлём на вашу почту ссылку, по которой вы зададите новый.
auth-forgot-send = Отправить ссылку
auth-forgot-sent = Если такой вход с адресом почты есть, письмо уже в пути. Ссылка действует час.
auth-forgot-no-mail = Этот сервер не отправляет писем. Попросите администратора задать новый пароль
auth-reset = Новый пароль
auth-reset-lead = Все ваши сеансы завершатся; после этого войдите с новым паролем.
auth-reset-set = Задать пароль
auth-reset-done = Пароль задан. Войдите с ним
auth-sign-up-sent = Загляните в почту: мы отправили письмо. Ссылка действует сутки. Письма нет? Посмотрите в спаме или зарегистрируйтесь ещё раз.
auth-confirm = Подтверждение адреса
auth-confirm-ask = { $email } — ваш адрес?
auth-confirm-button = Да, подтвердить
auth-confirm-sign-up = Адрес { $email } ваш. Остался один шаг.
auth-confirm-sign-up-button = Открыть рабочее пространство
auth-confirmed = Адрес { $email } подтверждён
auth-email-tab = Почта
auth-email-none = У вас пока нет адреса почты
auth-email-none-yet = У вас пока нет адреса почты. С ним можно самому восстановить забытый пароль.
auth-email-confirmed = { $email }: подтверждён
auth-email-unconfirmed = { $email }: ещё не подтверждён. Откройте ссылку из нашего письма.
auth-email-present = Ваш адрес: { $email }
auth-email-confirmed-before = Ваш адрес уже подтверждён
auth-email-same = Это и есть ваш адрес
auth-email-sent = Письмо в пути. Откройте ссылку в течение суток
auth-email-new = Новый адрес почты
auth-email-new-help = Вы будете входить с ним, когда откроете ссылку из письма на этот адрес.
auth-email-new-help-no-mail = С этого момента вы входите с ним.
auth-email-change = Сменить адрес
auth-not-while-acting = Это личное дело участника: оператор, работающий от его имени, не может этого сделать

# Invitations

auth-invitations = Приглашения
auth-invitations-empty = Сейчас никто не приглашён
auth-invitations-empty-hint = Пригласите коллег по почте или ссылкой.
auth-invited = Кто
auth-invite = Пригласить
auth-invite-lead = Письмом на адрес или ссылкой, которую вы передадите сами. Действует неделю.
auth-invite-lead-link = Вы получите ссылку, которую нужно передать: этот сервер не отправляет писем. Действует неделю.
auth-invite-email-help = Оставьте пустым, чтобы получить ссылку, которой один раз воспользуется любой её получатель.
auth-invited-already = Этот адрес уже приглашён. Отправьте приглашение ещё раз из списка
auth-invitations-too-many = Не больше { $most } приглашений одновременно. Сначала отзовите часть
auth-invitation-anybody = Любой, у кого есть ссылка
auth-invitation-until = Действует до
auth-invitation-pending = Ждёт ответа
auth-invitation-ended = Истекло
auth-invitation-resend = Отправить ещё раз
auth-invitation-sent = Приглашение отправлено на { $email }
auth-invitation-link = Ссылка приглашения
auth-invitation-link-for-one = Скопируйте ссылку сейчас и передайте её владельцу { $email }: больше она не показывается. Воспользоваться ею может только он.
auth-invitation-link-for-any = Скопируйте ссылку сейчас: больше она не показывается. Вступить по ней можно один раз; передайте её только нужному человеку.
auth-invitation-link-done = К приглашениям
auth-invitation-shown-before = Ссылка уже была создана и показана. Если вы её не скопировали, отправьте приглашение ещё раз.
auth-invitation-asks = { $inviter } приглашает вас в «{ $workspace }». Роль: { $role }.
auth-invitation-join = Присоединиться
auth-invitation-join-as = Вы вошли как { $name }
auth-invitation-joined = Добро пожаловать: теперь вы участник
auth-invitation-has-sign-in = Уже есть вход? Войдите и присоединитесь
auth-invitation-sign-in = С этим адресом уже есть вход. Войдите и откройте ссылку ещё раз
auth-invitation-closed = Приглашение использовано, отозвано или истекло. Попросите новое
auth-invitation-of-another = Это приглашение для { $email }. Войдите с этим адресом
auth-invitation-void = Пригласивший больше не может давать эту роль. Попросите новое приглашение
auth-member-invite-instead = С этим адресом уже есть вход. Пригласите этого человека; его пароль останется прежним

# Letters

auth-letter-not-you = Если это были не вы, ничего не делайте: без ссылки ничего не произойдёт.
auth-letter-day = Ссылка действует сутки и открывается один раз.
auth-letter-hour = Ссылка действует час и открывается один раз.
auth-letter-week = Ссылка действует неделю и открывается один раз.
auth-letter-sign-up-subject = Подтвердите адрес, и рабочее пространство откроется
auth-letter-sign-up = Вы регистрируетесь в Karvon. Подтвердите, что это ваш адрес, и рабочее пространство откроется.
auth-letter-sign-up-link = Подтвердить и открыть
auth-letter-has-subject = У вас уже есть вход
auth-letter-has = Кто-то, вероятно вы, хотел зарегистрироваться в Karvon с этим адресом. Вход с ним у вас уже есть.
auth-letter-has-forgot = Войдите со своим паролем. Если вы его забыли, на странице входа можно запросить ссылку для нового.
auth-letter-has-link = Войти
auth-letter-confirm-subject = Подтвердите адрес почты
auth-letter-confirm = Подтвердите, что это ваш адрес: с ним вы входите в Karvon.
auth-letter-confirm-link = Подтвердить адрес
auth-letter-changed-subject = Адрес для входа изменён
auth-letter-changed = Теперь вы входите в Karvon с адресом { $email }, а не с этим.
auth-letter-changed-not-you = Если это сделали не вы, сразу сообщите администратору вашего пространства.
auth-letter-reset-subject = Задайте новый пароль
auth-letter-reset = Кто-то, вероятно вы, забыл пароль от Karvon. Задайте новый по этой ссылке.
auth-letter-reset-link = Задать новый пароль
auth-letter-set-subject = Ваш пароль задан заново
auth-letter-set = По ссылке из письма для вашего входа в Karvon задан новый пароль. Все сеансы завершены.
auth-letter-set-not-you = Если это сделали не вы, сразу задайте другой: «Забыли пароль?» на странице входа.
auth-letter-invitation-subject = Вас приглашают в «{ $workspace }»
auth-letter-invitation = { $inviter } приглашает вас работать в «{ $workspace }» в Karvon.
auth-letter-invitation-link = Посмотреть приглашение
auth-letter-invitation-not-you = Если вы не знаете, кто это, ничего не делайте.

# The operator's console

auth-operator = Пространства сервера
auth-operator-lead = Кто работает на этом сервере, что у них есть и что им можно.
auth-operator-search = Название или адрес
auth-operator-activity = Последнее действие
auth-operator-since = С какого времени
auth-operator-works = Работает
auth-operator-suspended = Приостановлено
auth-operator-why = Приостановлено. Причина: { $why }
auth-operator-limits = Лимиты
auth-operator-limits-lead = Пустое поле — без ограничения. Что уже есть сверх лимита, остаётся.
auth-operator-suspend = Приостановить
auth-operator-suspend-lead = Участники увидят только вашу причину, ключи перестанут работать, боты замолчат. Ничего не удаляется.
auth-operator-resume = Возобновить работу
auth-operator-act = Работать от имени участника
auth-operator-act-lead = Не дольше часа. Всё, что вы делаете, записывается в журнал пространства под обоими именами. Пароли и ключи недоступны.
auth-operator-member = Участник
auth-reason = Причина
auth-reason-missing = Укажите причину
auth-reason-members-read = Её увидят участники.
auth-reason-in-log = Она останется в журнале пространства.
auth-limit-bots = Боты
auth-limit-contacts = Контакты
auth-limit-contacts-help = Для тех, кого записывают участники. Покупателям из чата никогда не отказывают.
auth-limit-too-small = Не меньше { $least }
auth-suspended-already = Это пространство уже приостановлено
auth-suspended-not = Это пространство не приостановлено
auth-act-not-as = Выберите другого, действующего участника
