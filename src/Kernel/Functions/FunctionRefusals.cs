namespace Plug1.Kernel.Functions;

/// <summary>Every reason for which a function is not there or stays as it is, in the order in which they are checked.</summary>
public static class FunctionRefusals
{
    /// <summary>The company has switched the function off.</summary>
    public static Refusal Off(string function) => new("FUNCTION_OFF", $"{function} is switched off in this company. An administrator can switch it on.", Status: 403,
        Detail: new Dictionary<string, object?> { ["function"] = function });

    /// <summary>There is no such function in this program.</summary>
    public static Refusal Unknown(int at) => MasterData.MasterRefusals.FunctionUnknown with { At = $"/functions/{at}" };

    /// <summary>None was named.</summary>
    public static Refusal NoneNamed { get; } = new("FUNCTIONS_REQUIRED", "Name at least one function.", "/functions");

    /// <summary>Functions that stay on need one that would be off.</summary>
    public static Refusal Needed(Function function, IReadOnlyList<Function> by) => new("FUNCTION_NEEDED",
        $"{function.Name} is needed by {string.Join(", ", by.Select(one => one.Name))}. Switch that off first, or both together.", "/functions", 409,
        new Dictionary<string, object?> { ["function"] = function.Code, ["neededBy"] = by.Select(one => one.Code).ToList() });

    /// <summary>A function that would be on needs one that is off.</summary>
    public static Refusal NeedsOthers(Function function, IReadOnlyList<Function> needs) => new("FUNCTION_NEEDS_OTHERS",
        $"{function.Name} needs {string.Join(", ", needs.Select(one => one.Name))}. Switch that on first, or both together.", "/functions", 409,
        new Dictionary<string, object?> { ["function"] = function.Code, ["needs"] = needs.Select(one => one.Code).ToList() });

    /// <summary>Something of the function is not finished.</summary>
    public static Refusal InUse(Function function, IReadOnlyList<Unfinished> unfinished) => new("FUNCTION_IN_USE",
        $"Something of {function.Name} is not finished: {string.Join(", ", unfinished.Select(one => $"{one.Count} {one.What}"))}. Finish or cancel it first.", "/functions", 409,
        new Dictionary<string, object?> { ["function"] = function.Code, ["unfinished"] = unfinished.ToDictionary(one => one.What, one => one.Count, StringComparer.Ordinal) });
}
