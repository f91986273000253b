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
auth-wait = Слишком много попыток. Повторите через { $seconds } с
auth-sign-up-closed = Регистрация на этом сервере закрыта. Обратитесь к администратору
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
auth-member-invited = Приглашён
auth-member-inactive = Отключён
auth-role-admin = Администратор
auth-role-manager = Менеджер
auth-role-cashier = Кассир
auth-role-warehouse = Кладовщик
auth-role-user = Пользователь
auth-role-unknown = Такой роли нет
auth-role-name-taken = Роль с таким названием уже есть
auth-role-built-in = Готовую роль изменить нельзя. Создайте свою
auth-role-in-use = Эта роль есть у участников. Сначала дайте им другую
auth-roles-too-many = Своих ролей — не больше { $most }

# API keys

auth-key-without-scopes = Выберите хотя бы одно право
auth-key-expiry-past = Срок должен быть в будущем
auth-key-revoked-before = Этот ключ уже отозван
auth-keys-too-many = Действующих ключей — не больше { $most }
