using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Klock.Cli.Tests.Servers;

/// <summary>Answers HTTP as the test says, one request a connection; or it is a proxy, since both read the same.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string> _answer;
    private readonly List<string> _heard = [];

    /// <param name="answer">Gets a request as it came, and gives the whole of an answer; null to end the connection.</param>
    public FakeServer(Func<string, string> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What has come so far.</summary>
    public IReadOnlyList<string> Heard
    {
        get
        {
            lock (_heard)
            {
                return [.. _heard];
            }
        }
    }

    /// <summary>An answer with a body.</summary>
    public static string Http(int status, string body) =>
        $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
        + $"Connection: close\r\n\r\n{body}";

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            for (; ; )
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _ = Task.Run(() => Serve(client));
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private void Serve(TcpClient client)
    {
        using (client)
        {
            byte[] buffer = new byte[64 * 1024];
            int got = client.GetStream().Read(buffer);
            string request = Encoding.UTF8.GetString(buffer, 0, got);
            lock (_heard)
            {
                _heard.Add(request);
            }

            client.GetStream().Write(Encoding.UTF8.GetBytes(_answer(request)));
        }
    }
}
