using System.Net;
using System.Net.Sockets;

namespace Klock.Cli.Transports;

/// <summary>Connections to servers. They are made on the caller's thread: there is no other.</summary>
internal static class ServerSocket
{
    // A machine that went away sends nothing: after half a minute without an answer of its system the connection counts as broken.
    private const int KeepAliveSeconds = 15;
    private const int KeepAliveRetrySeconds = 5;
    private const int KeepAliveRetries = 3;

    /// <summary>To a port.</summary>
    /// <exception cref="SocketException">It cannot be made.</exception>
    public static ValueTask<Stream> Connect(DnsEndPoint server, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        TrySet(socket, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        TrySet(socket, SocketOptionName.TcpKeepAliveInterval, KeepAliveRetrySeconds);
        TrySet(socket, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveRetries);
        return Connect(socket, server, cancel);
    }

    /// <summary>To a Unix socket.</summary>
    /// <exception cref="SocketException">It cannot be made.</exception>
    public static ValueTask<Stream> Connect(UnixDomainSocketEndPoint server, CancellationToken cancel) =>
        Connect(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), server, cancel);

    // Windows knows these since its version 1709. Before, it finds out that the machine went away in its own time.
    private static void TrySet(Socket socket, SocketOptionName option, int value)
    {
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, option, value);
        }
        catch (SocketException unknown) when (unknown.SocketErrorCode == SocketError.ProtocolOption)
        {
        }
    }

    private static ValueTask<Stream> Connect(Socket socket, EndPoint server, CancellationToken cancel)
    {
        try
        {
            using (cancel.UnsafeRegister(static state => ((Socket)state!).Dispose(), socket))
            {
                socket.Connect(server);
            }

            return ValueTask.FromResult<Stream>(new NetworkStream(socket, ownsSocket: true));
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException && cancel.IsCancellationRequested)
        {
            // The caller gave up, which closed the socket.
            throw new OperationCanceledException("given up", failure, cancel);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
