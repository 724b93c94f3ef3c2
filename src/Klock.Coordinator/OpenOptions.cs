using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Coordinator;

/// <summary>
/// How a coordinator is opened:
/// <c>{"storage":"memory"|"auto"|"sqlite:&lt;path&gt;[?options]","bind_to_process"?:true|false,"cwd"?,"root"?}</c>.
/// </summary>
/// <param name="Storage">Where the state lives.</param>
/// <param name="BindToProcess">Whether leases end at once when the process that took them does.</param>
/// <param name="Cwd">The folder that decides <c>auto</c> and the default root; null for the process's working directory.</param>
/// <param name="Root">The folder that relative names count from; null for the top of the repository.</param>
public sealed record OpenOptions(string Storage, bool BindToProcess, string? Cwd, string? Root)
{
    /// <summary>State that lives and dies with the handle: the default.</summary>
    public const string Memory = "memory";

    /// <summary>Reads the options: a JSON object, empty for the defaults.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: not JSON, or a field of the wrong type.</exception>
    public static OpenOptions Parse(ReadOnlySpan<byte> utf8) => Read(new RequestFields(utf8));

    private static OpenOptions Read(in RequestFields options) =>
        new(Fields.Storage.ReadOptional(options) ?? Memory, Fields.BindToProcess.ReadOptional(options) ?? true,
            ReadPath(Fields.Cwd, options), ReadPath(Fields.Root, options));

    private static string? ReadPath(TextField field, in RequestFields options) =>
        field.ReadOptional(options) is not { } path ? null
        : path.Contains('\0', StringComparison.Ordinal) ? throw Field.Invalid($"{field.Name} contains a control character.")
        : path;
}
