# Fayllar ombori

files-store-silent = Fayllar ombori javob bermayapti. Bir necha daqiqadan keyin qayta urinib koʻring.
files-bucket-missing = { $address } manzilidagi fayllar omborida “{ $bucket }” nomli joy yoʻq: uni yarating yoki KARVON_S3_BUCKET ni toʻgʻrilang
files-bucket-refused = { $address } manzilidagi fayllar ombori “{ $bucket }” uchun kalitni qabul qilmadi: KARVON_S3_KEY_ID va KARVON_S3_SECRET_KEY ni toʻgʻrilang yoki kalitga oʻqish va yozish huquqini bering
files-bucket-unreachable = { $address } manzilida fayllar ombori javob bermayapti: KARVON_S3_ENDPOINT ni toʻgʻrilang yoki omborni ishga tushiring
files-bucket-trouble = { $address } manzilidagi fayllar ombori “{ $bucket }” ga fayl qabul qilmayapti: { $problem }
