//! An address where nobody listens.

use tokio::net::TcpSocket;

/// Bound and not listening: the port stays taken, so no other test's server can come to stand there.
pub(crate) fn nobody() -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    socket
}
