using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Storage.Journal;

namespace Klock.Storage.Etcd;

/// <summary>Opens stores whose state is in an etcd cluster, where many servers share it.</summary>
public static class EtcdStores
{
    /// <summary>What the name of such a store begins with.</summary>
    public const string Prefix = "etcd:";

    /// <summary>The variable with the password of the user that an address names.</summary>
    public const string PasswordVariable = "KLOCK_ETCD_PASSWORD";

    /// <summary>Makes a store. The cluster is asked for nothing before the first command.</summary>
    /// <param name="address">What follows the prefix: <c>http://&lt;host&gt;:&lt;port&gt;[,&lt;host&gt;:&lt;port&gt;…]</c>, and then
    /// <c>[/&lt;prefix&gt;][?&lt;options&gt;]</c>.</param>
    /// <param name="password">What the variable has; null when it is not set.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ownerId">The id under which this store waits and writes: 128 random bits.</param>
    /// <param name="acceptsRestore">Whether the state that is found is gone on with although it is an earlier one.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: the address, or a file that it names, cannot be used.
    /// </exception>
    public static IStore Open(string address, string? password, TimeProvider time, LeaseId ownerId, bool acceptsRestore = false)
    {
        ArgumentNullException.ThrowIfNull(address);
        var where = EtcdAddress.Parse(address);
        return new ReplicatedStore(new EtcdJournal(where, LoginOf(where.Options, password)), time, ownerId, acceptsRestore);
    }

    private static Login? LoginOf(EtcdOptions options, string? password)
    {
        if (options.User is not { } user)
        {
            return null;
        }

        if (options.PasswordFile is { } file)
        {
            _ = ReadPassword(file);
            return new Login(user, () => ReadPasswordAgain(file));
        }

        return string.IsNullOrEmpty(password)
            ? throw Invalid($"storage has the option user without a password: set {PasswordVariable} or add password_file=<file>.")
            : new Login(user, () => password);
    }

    // The file was there at the start: that it is not now is no one's request's fault.
    private static string ReadPasswordAgain(string file)
    {
        try
        {
            return ReadPassword(file);
        }
        catch (KlockException unusable)
        {
            throw new IOException(unusable.Message.TrimEnd('.'), unusable);
        }
    }

    private static string ReadPassword(string file)
    {
        string password = StorageFiles.ReadText("password_file", file).TrimEnd('\r', '\n');
        return password.Length > 0 ? password : throw Invalid($"storage has the option password_file, and '{file}' is empty.");
    }

    private static KlockException Invalid(string sentence) => new(ErrorCode.InvalidRequest, sentence);
}
