using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Documents;

/// <summary>Managed reasons by function and action.</summary>
public static class Reasons
{
    /// <summary>Asks for the labels of an active reason; none when it is not on the list.</summary>
    public static Deferred<List<string>> Find(Tx tx, string function, string action, string? code) =>
        tx.Later($"select label from reason where function = {function} and action = {action} and code = {code ?? ""} and active", row => row.Text(0));

    /// <summary>The refusal of a step that is explained in words and came without.</summary>
    public static Refusal InWords { get; } = new("REASON_REQUIRED", "Say in words why.", "/reason");

    /// <summary>The refusal of a missing or unknown reason.</summary>
    public static Refusal Required(string action) =>
        new("REASON_REQUIRED", $"The step '{action}' needs a reason from the list.", "/reason");
}
