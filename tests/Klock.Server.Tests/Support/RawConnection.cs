using System.Net.Sockets;
using System.Text;

namespace Klock.Server.Tests.Support;

/// <summary>A connection on which a test sends whatever bytes it likes.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _tcp = new();

    private RawConnection()
    {
    }

    public NetworkStream Stream => _tcp.GetStream();

    /// <param name="url">The server.</param>
    /// <param name="receiveBytes">How much the system takes from the server before the test reads; else it grows to many megabytes.</param>
    public static async Task<RawConnection> OpenAsync(Uri url, int? receiveBytes = null)
    {
        var connection = new RawConnection();
        if (receiveBytes is { } bytes)
        {
            connection._tcp.ReceiveBufferSize = bytes;
        }

        await connection._tcp.ConnectAsync(url.Host, url.Port);
        return connection;
    }

    public Task SendAsync(string text) => Stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    /// <summary>All that comes until the server closes the connection, or so long.</summary>
    public Task<string> ReadToEndAsync(TimeSpan longest) => ReadUntilAsync(null, longest);

    /// <summary>What comes until it ends in this, or the server closes the connection.</summary>
    /// <exception cref="OperationCanceledException">Neither happened for so long.</exception>
    public async Task<string> ReadUntilAsync(string? end, TimeSpan longest)
    {
        using var limit = new CancellationTokenSource(longest);
        var text = new StringBuilder();
        byte[] buffer = new byte[65_536];
        try
        {
            for (int read; (read = await Stream.ReadAsync(buffer, limit.Token)) > 0;)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
                if (end is not null && text.ToString().EndsWith(end, StringComparison.Ordinal))
                {
                    break;
                }
            }
        }
        catch (IOException)
        {
            // Reset: as good as closed.
        }

        return text.ToString();
    }

    /// <summary>Sends one request with a body; answers the status line and what follows it.</summary>
    public static async Task<string> AskAsync(Uri url, string method, string target, string headers = "", string body = "", bool length =
        true)
    {
        using RawConnection connection = await OpenAsync(url);
        await connection.SendAsync(
            $"{method} {target} HTTP/1.1\r\nHost: {url.Authority}\r\nConnection: close\r\n{headers}"
            + $"{(length ? $"Content-Length: {body.Length}\r\n" : "")}\r\n{body}");
        return await connection.ReadToEndAsync(TimeSpan.FromSeconds(20));
    }

    public void Dispose() => _tcp.Dispose();
}
