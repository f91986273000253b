# Хранилище файлов

files-store-silent = Хранилище файлов не отвечает. Попробуйте ещё раз через несколько минут.
files-bucket-missing = В хранилище файлов { $address } нет бакета «{ $bucket }»: создайте его или исправьте KARVON_S3_BUCKET
files-bucket-refused = Хранилище файлов { $address } не принимает ключ для бакета «{ $bucket }»: исправьте KARVON_S3_KEY_ID и KARVON_S3_SECRET_KEY или разрешите ключу чтение и запись
files-bucket-unreachable = По адресу { $address } хранилище файлов не отвечает: исправьте KARVON_S3_ENDPOINT или запустите его
files-bucket-trouble = Хранилище файлов { $address } не принимает файлы в бакет «{ $bucket }»: { $problem }
