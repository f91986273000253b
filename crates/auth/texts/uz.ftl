# Checks of what people type

auth-name-missing = Nom yozilmagan
auth-text-too-long = Koʻpi bilan { $most } ta belgi
auth-text-invisible = Matnda koʻrinmas belgilar bor
auth-email-malformed = Elektron pochta notoʻgʻri; namuna: ism@misol.uz
auth-email-taken = Bu elektron pochta bilan allaqachon roʻyxatdan oʻtilgan
auth-username-malformed = Login 3–32 ta belgi: lotin harfidan boshlanadi, harf, raqam, nuqta, chiziqcha
auth-username-taken = Bu login band
auth-login-taken = Bu elektron pochta yoki login hozirgina band qilindi
auth-login-missing = Elektron pochta yoki login kerak
auth-password-short = Parol kamida { $least } ta belgidan iborat boʻlsin
auth-password-long = Parol koʻpi bilan { $most } ta belgi
auth-password-guessed = Bu parolni topish oson, boshqasini oʻylab toping
auth-password-wrong = Amaldagi parol notoʻgʻri
auth-zone-unknown = Bunday vaqt mintaqasi yoʻq

# Signing in

auth-sign-in-refused = Login yoki parol notoʻgʻri
auth-wait = Urinishlar juda koʻp. { $seconds } soniyadan keyin qayta urinib koʻring
auth-sign-up-closed = Bu serverda roʻyxatdan oʻtish yopiq. Administratorga murojaat qiling
auth-no-workspace = Siz hozir hech bir ish joyiga kirmaysiz. Administratoringizga murojaat qiling
auth-workspace-exists = Serverda ish joyi allaqachon bor
auth-slug-taken = “{ $slug }” manzili band
auth-environment-key-short = API_KEYS dagi kalit kamida 16 belgidan iborat boʻlsin

# Members and roles

auth-beyond-own = Oʻzingizda boʻlmagan ruxsatni bera yoki ola olmaysiz
auth-last-admin = Ish joyida kamida bitta Admin qolishi kerak
auth-member-already = Bu odam allaqachon aʼzo
auth-member-was-here = Bu odam ilgari aʼzo boʻlgan. Uni aʼzolar roʻyxatidan qayta faollashtiring
auth-member-state-other = Aʼzoning holati oʻzgargan. Sahifani yangilang
auth-member-belongs-elsewhere = Bu odam boshqa ish joyida ham ishlaydi, parolini faqat oʻzi oʻzgartira oladi
auth-member-active = Faol
auth-member-invited = Taklif qilingan
auth-member-inactive = Faol emas
auth-role-admin = Admin
auth-role-manager = Menejer
auth-role-cashier = Kassir
auth-role-warehouse = Omborchi
auth-role-user = Foydalanuvchi
auth-role-unknown = Bunday rol yoʻq
auth-role-name-taken = Bu nomdagi rol bor
auth-role-built-in = Tayyor rolni oʻzgartirib boʻlmaydi. Oʻzingizning rolingizni yarating
auth-role-in-use = Bu rol aʼzolarga berilgan. Avval ularga boshqa rol bering
auth-roles-too-many = Oʻz rollaringiz { $most } tadan oshmasin

# API keys

auth-key-without-scopes = Kamida bitta ruxsatni tanlang
auth-key-expiry-past = Muddat kelajakda boʻlsin
auth-key-revoked-before = Bu kalit allaqachon bekor qilingan
auth-keys-too-many = Amaldagi kalitlar { $most } tadan oshmasin
