# The store of files

files-store-silent = The store of files does not answer. Please try again in a few minutes.
files-bucket-missing = The store of files at { $address } has no bucket “{ $bucket }”: make it, or correct KARVON_S3_BUCKET
files-bucket-refused = The store of files at { $address } refuses the key for the bucket “{ $bucket }”: correct KARVON_S3_KEY_ID and KARVON_S3_SECRET_KEY, or let the key read and write there
files-bucket-unreachable = No store of files answers at { $address }: correct KARVON_S3_ENDPOINT, or start it
files-bucket-trouble = The store of files at { $address } does not take files into the bucket “{ $bucket }”: { $problem }
