using Klock.Agents.Leases;

namespace Klock.Agents.Policy;

/// <summary>One lease that a tool call needs.</summary>
/// <param name="Place">In which store.</param>
/// <param name="Wanted">On what.</param>
/// <param name="Path">The file's absolute path; of anything else the folder it is about.</param>
/// <param name="Shown">What it is called to people and models.</param>
/// <param name="Before">The hash of the file's content now; null when there is none that counts.</param>
/// <param name="IsWhole">Whether the whole content is replaced.</param>
internal sealed record Wish(Place Place, WantedResource Wanted, string Path, string Shown, string? Before, bool IsWhole = false);
