#!/bin/sh
# Makes these files anew with OpenSSL 3: sh make.sh, in this folder.
set -eu
printf 'rødgrød med fløde\n' > password.txt
printf 'not it\n' > wrong-password.txt
openssl req -x509 -newkey rsa:3072 -nodes -keyout ca.key -out ca.pem -days 36500 -subj '/CN=Test CA' \
  -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign 2>/dev/null
openssl req -newkey rsa:3072 -nodes -keyout key.pem -out own.csr -subj '/C=DK/O=Test/CN=ungebro test' 2>/dev/null
openssl x509 -req -in own.csr -CA ca.pem -CAkey ca.key -set_serial 2 -days 36500 -out own.pem 2>/dev/null
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out other.key 2>/dev/null
cat own.pem ca.pem key.pem > pkcs8.pem
cat key.pem ca.pem own.pem > backwards.pem
{ cat own.pem ca.pem; openssl rsa -in key.pem -traditional 2>/dev/null; } > pkcs1.pem
{ cat own.pem ca.pem; openssl pkcs8 -topk8 -in key.pem -v2 aes-256-cbc -passout file:password.txt; } > encrypted.pem
{ cat own.pem; openssl pkcs8 -topk8 -in key.pem -v2 aes-256-cbc -iter 1000001 -passout file:password.txt; } > too-many-rounds.pem
{ cat own.pem ca.pem; openssl pkcs8 -topk8 -in key.pem -scrypt -passout file:password.txt; } > scrypt.pem
{ cat own.pem ca.pem; openssl rsa -in key.pem -traditional -aes256 -passout file:password.txt 2>/dev/null; } > old-encryption.pem
cat own.pem ca.pem other.key > mismatch.pem
cat own.pem key.pem other.key > two-keys.pem
p12() { openssl pkcs12 -export -in own.pem -certfile ca.pem -inkey key.pem -name test "$@"; }
p12 -passout file:password.txt -out modern.p12
p12 -passout file:password.txt -legacy -out legacy.p12
p12 -passout file:password.txt -nomac -out no-mac.p12
p12 -passout pass: -out empty-password.p12
p12 -passout file:password.txt -iter 600000 -out many-rounds.p12
p12 -passout file:password.txt -iter 1000001 -out too-many-rounds.p12
openssl pkcs12 -export -in own.pem -nokeys -passout file:password.txt -out no-key.p12
rm ca.key own.csr other.key key.pem
