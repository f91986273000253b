### Faults of a blueprint, found when it is saved.

flow-file-malformed = Faylni oʻqib boʻlmadi: { $reason }
flow-file-long = Fayl juda uzun: koʻpi bilan { $kilobytes } KB.
flow-format-unknown = Format versiyasi nomaʼlum; bu dastur { $known }-formatni biladi.
flow-field-missing = Bu maydon boʻlishi shart.
flow-field-unknown = Bunday maydon yoʻq.
flow-field-type = Bu yerda boshqa turdagi qiymat kutiladi: { $expected }
flow-name-malformed = «{ $name }» nom boʻla olmaydi: kichik lotin harflari, raqamlar va pastki chiziq.
flow-name-twice = «{ $name }» nomi ikki marta ishlatilgan.
flow-heard-empty = «{ $phrase }» iborasida harf yoki raqam yoʻq.
flow-kind-unknown = «{ $name }» degan qadam turi yoʻq.
flow-word-unknown = «{ $word }» tushunarsiz. Mumkin boʻlganlari: { $known }
flow-number-range = Son { $min } dan { $max } gacha boʻlishi kerak.
flow-date-malformed = «{ $piece }» sana emas. Masalan: 2026-11-20, today, today-17y
flow-too-many = Koʻpi bilan { $max } ta boʻlishi mumkin.
flow-step-unknown = «{ $name }» qadami yoʻq.
flow-step-unreachable = «{ $name }» qadamiga hech qayerdan kelinmaydi.
flow-dead-end = Boshi berk koʻcha: bu yerdan keyin qayerga borish aytilmagan.
flow-endless-round = «{ $name }» qadami hech narsa soʻramasdan oʻziga qaytadi.
flow-never-returns = «{ $name }» chaqirgan oqim hech qachon qaytmaydi.
flow-home-asks-nothing = Bosh qadam savol berishi kerak.
flow-translation-missing = Tarjima yetishmayapti: { $languages }
flow-text-malformed = Matnda xato: { $piece }
flow-text-long = Matn juda uzun: { $length } belgi, koʻpi bilan { $max } boʻlishi mumkin.
flow-plural-forms = Soʻz shakllari soni toʻgʻri emas: { $forms } ta, { $wanted } ta kerak.
flow-expression-malformed = Ifodani tushunib boʻlmadi: { $piece }
flow-variable-unknown = «{ $name }» oʻzgaruvchisi eʼlon qilinmagan.
flow-command-malformed = «{ $name }» buyruq boʻla olmaydi: 1–32 ta kichik lotin harfi, raqam yoki pastki chiziq.
flow-action-unknown = «{ $name }» degan amal yoʻq.
flow-argument-unknown = Bu amalda «{ $name }» argumenti yoʻq.
flow-argument-missing = «{ $name }» argumenti berilmagan.
flow-outcome-unknown = Bu amal «{ $name }» bilan tugamaydi.
flow-outcome-missing = «{ $name }» natijasiga javob aytilmagan.
flow-address-malformed = “{ $address }” manzil emas: u https:// yoki http:// bilan boshlanadi

# Changes made in the visual editor.
flow-file-no-toml = Faylni oʻqib boʻlmaydi: avval matnidagi xatoni tuzating.
flow-no-flow-of-form = Bu botda { $form } anketasini topshiradigan oqim yoʻq.
flow-flow-taken = Bu botda { $flow } degan oqim bor: boshqa kod tanlang.
flow-change-misplaced = { $path } oʻrnida buni yozib boʻlmaydi.
flow-change-impossible = Bu oʻzgarishni faylga yozib boʻlmadi. Uni fayl koʻrinishida kiriting.
