"""For so many seconds: a TLS connection after the other, each resuming the session of the first and making one request.

Prints how many did, and how many failed or had to make a full handshake.
"""

import socket
import ssl
import sys
import time
from urllib.parse import urlsplit


def main():
    url, seconds = urlsplit(sys.argv[1]), float(sys.argv[2])
    request = f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n\r\n".encode()
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    session, done, failed, end = None, 0, 0, time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with socket.create_connection((url.hostname, url.port), 5) as plain:
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # the request does not wait for an ACK
                with context.wrap_socket(plain, session=session) as c:
                    c.sendall(request)
                    answer = b""
                    while part := c.recv(4096):
                        answer += part
                    if session is None:
                        session = c.session  # a ticket comes after the handshake
                    elif c.session_reused and answer.startswith(b"HTTP/1.1 200"):
                        done += 1
                    else:
                        failed += 1
        except OSError:
            failed += 1
    print(done, failed)


main()
