#!/bin/sh
# Makes what HTTP beyond loopback needs, where nobody else issues certificates; leaves what is there already.
#   self-signed.sh FOLDER NAME|ADDRESS...      the names and addresses by which the server is asked
# In the folder:
#   keystore.p12, keystore-password   for the application
#   token                             for the application, and for those who ask it
#   certificate.pem                   for those who ask it: by this they know it. Valid for 825 days
set -eu
[ $# -ge 2 ] || { echo "usage: $0 FOLDER NAME|ADDRESS..." >&2; exit 2; }
folder=$1
shift
[ ! -e "$folder/certificate.pem" ] || exit 0

san=
for name; do
  case $name in
    *:* | *[0-9].[0-9]*) san="$san,ip:$name" ;;
    *) san="$san,dns:$name" ;;
  esac
done

random() { od -An -tx1 -N32 /dev/urandom | tr -d ' \n'; }
keytool="${JAVA_HOME:+$JAVA_HOME/bin/}keytool"
umask 077
mkdir -p "$folder"
rm -f "$folder/keystore.p12"
random >"$folder/keystore-password"
random >"$folder/token"
"$keytool" -genkeypair -alias online-em -keyalg EC -groupname secp256r1 -validity 825 -dname CN=online-em \
  -ext "san=${san#,}" -storetype PKCS12 -keystore "$folder/keystore.p12" \
  -storepass:file "$folder/keystore-password" >&2
# last, since it says that all is there
"$keytool" -exportcert -rfc -alias online-em -keystore "$folder/keystore.p12" \
  -storepass:file "$folder/keystore-password" -file "$folder/certificate.tmp" >&2
mv "$folder/certificate.tmp" "$folder/certificate.pem"
