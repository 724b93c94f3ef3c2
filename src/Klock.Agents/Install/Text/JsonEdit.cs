namespace Klock.Agents.Install.Text;

/// <summary>What an edit makes of a JSON file.</summary>
/// <param name="Bytes">The whole file afterwards: the very bytes that came in where nothing had to be changed, or there is trouble.</param>
/// <param name="IsChanged">Whether they differ.</param>
/// <param name="Trouble">Why nothing was changed; null when the edit was made, or was made before.</param>
internal sealed record JsonEdit(byte[] Bytes, bool IsChanged, JsonTrouble? Trouble);
