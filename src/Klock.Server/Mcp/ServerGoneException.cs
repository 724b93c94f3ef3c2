namespace Klock.Server.Mcp;

/// <summary>A server does not answer now, or cannot do what it was asked: another one of the same coordinator may.</summary>
/// <param name="sentence">What is wrong.</param>
/// <param name="wasSent">Whether it got the request, which may have been carried out.</param>
/// <param name="cause">What the system said.</param>
internal sealed class ServerGoneException(string sentence, bool wasSent, Exception? cause = null) : Exception(sentence, cause)
{
    /// <summary>Whether it got the request, which may have been carried out.</summary>
    public bool WasSent => wasSent;
}
