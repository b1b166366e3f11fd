// A certificate for localhost that nobody vouches for, and its key: for tests on loopback, and for nothing else. Until 2126:
//
//   openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj /CN=localhost \
//     -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=serverAuth

export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBrjCCAVSgAwIBAgIUUnulHk7mZrdrboewVVK+Sw2jLL8wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDAwMzgyNFoYDzIxMjYxMDMx
MDAzODI0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQvSS/oCGw2nLk50635I3A1F6KhLufTsjxmVF/wLKsiugVLj3xFOB+S
ODdZ8MVpoQpgJbSj+FfmXphK0x2xNE76o4GBMH8wHQYDVR0OBBYEFJAM7p3bv5/a
1viAe0XXPzaPYk0RMB8GA1UdIwQYMBaAFJAM7p3bv5/a1viAe0XXPzaPYk0RMBoG
A1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAMBgNVHRMBAf8EAjAAMBMGA1UdJQQM
MAoGCCsGAQUFBwMBMAoGCCqGSM49BAMCA0gAMEUCIAtKUXA6Ts4WPCqlbktVaupd
tk28L5jk+2bWcnqsbz7BAiEAoSW4il6Z4QxkvvvS57l0RN96KnjeV8FK40xbUHYo
rVk=
-----END CERTIFICATE-----
`;

export const PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYLlLM1h/qxbXXYqO
KrywGdqGqJQlYTYJRvQvqzYZMK+hRANCAAQvSS/oCGw2nLk50635I3A1F6KhLufT
sjxmVF/wLKsiugVLj3xFOB+SODdZ8MVpoQpgJbSj+FfmXphK0x2xNE76
-----END PRIVATE KEY-----
`;
