using Grpc.Core;
using Klock.Storage.Etcd.Api;

namespace Klock.Storage.Etcd;

/// <summary>Signs a user in, where etcd asks for one: calls bear a token, which ends after a while. Thread-safe.</summary>
/// <param name="user">The user.</param>
/// <param name="readPassword">Gives the password; called at each sign-in, since a file may have a new one.</param>
internal sealed class Login(string user, Func<string> readPassword)
{
    private const string Header = "token";

    private string? _token;

    /// <summary>The headers that a call bears.</summary>
    /// <param name="channel">Where to sign in, if there is no token.</param>
    /// <param name="deadline">When that must have been answered.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Metadata> HeadersAsync(ChannelBase channel, DateTime deadline, CancellationToken cancel)
    {
        string? token = Volatile.Read(ref _token);
        if (token is null)
        {
            var request = new AuthenticateRequest { Name = user, Password = readPassword() };
            token = (await new Auth.AuthClient(channel).AuthenticateAsync(request, headers: null, deadline, cancel)).Token;
            Volatile.Write(ref _token, token);
        }

        return new Metadata { { Header, token } };
    }

    /// <summary>Whether a call failed because of its token, which is forgotten then.</summary>
    public bool IsStale(Metadata headers, RpcException failed)
    {
        bool isStale = failed.StatusCode == StatusCode.Unauthenticated
            || failed.Status.Detail.Contains("revision of auth store is old", StringComparison.Ordinal);
        if (isStale)
        {
            Interlocked.CompareExchange(ref _token, null, headers.GetValue(Header));
        }

        return isStale;
    }
}
