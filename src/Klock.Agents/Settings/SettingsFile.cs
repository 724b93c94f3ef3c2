using Klock.Coordinator.Protocol;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Serialization;

namespace Klock.Agents.Settings;

/// <summary>A settings file in TOML: <c>wait = "30s"</c>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Values">Its values, by name.</param>
internal sealed record SettingsFile(string Path, IReadOnlyDictionary<string, string> Values)
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>Reads a file; nothing when it is not there.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: it is no TOML, or sets what is no setting.</exception>
    public static SettingsFile[] Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return new FileInfo(path).Length > MaxBytes
                ? throw new KlockException(ErrorCode.InvalidRequest, $"{path} is longer than {MaxBytes} bytes.")
                : [new SettingsFile(path, Parse(path, File.ReadAllText(path)))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new KlockException(ErrorCode.InvalidRequest, $"{path} cannot be read: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    private static Dictionary<string, string> Parse(string path, string text)
    {
        TomlTable table;
        try
        {
            table = TomlSerializer.Deserialize<TomlTable>(text, TomlTypes.Default) ?? [];
        }
        catch (TomlException broken)
        {
            throw new KlockException(ErrorCode.InvalidRequest, $"{path} is no TOML: {broken.Message.TrimEnd('.')}.", broken);
        }

        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach ((string name, object value) in table)
        {
            string allowed = string.Join(", ", Setting.All.Select(setting => setting.Name));
            values[name] = !Setting.All.Any(setting => setting.Name == name)
                ? throw new KlockException(ErrorCode.InvalidRequest, $"{path} sets {name}, which is no setting: there are {allowed}.")
                : value as string
                    ?? throw new KlockException(ErrorCode.InvalidRequest, $"{path}: {name} must be a text in quotes.");
        }

        return values;
    }
}

/// <summary>What Tomlyn must know of at compile time.</summary>
[TomlSerializable(typeof(TomlTable))]
internal sealed partial class TomlTypes : TomlSerializerContext;
