using Klock.Coordinator.Protocol;

namespace Klock.Agents.Leases;

/// <summary>The URL of a server, as a setting has it.</summary>
internal static class ServerUrl
{
    /// <summary>Reads one; paths beneath it are relative to what is returned.</summary>
    /// <param name="text">The setting.</param>
    /// <param name="subject">What it is, as the subject of an error.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: it is none.</exception>
    public static Uri Parse(string text, string subject)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? server) || server.Scheme is not ("http" or "https"))
        {
            throw new KlockException(
                ErrorCode.InvalidRequest, $"{subject} is no URL: it must be http://HOST:PORT or https://HOST:PORT.");
        }

        return server.UserInfo.Length == 0
            ? new Uri(server.AbsoluteUri.TrimEnd('/') + "/")
            : throw new KlockException(
                ErrorCode.InvalidRequest,
                $"the URL of {subject} has a user name in it, which is sent to nobody: a key is for KLOCK_API_KEY.");
    }
}
