using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Http;

/// <summary>The client, as the operating system knows it.</summary>
internal static class Peer
{
    /// <summary>Whether it has closed its connection: the system knows that before the request is aborted.</summary>
    public static bool IsGone(HttpContext context)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        try
        {
            // Readable, and nothing to read: the end of the stream.
            return context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket
                && socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }
}
