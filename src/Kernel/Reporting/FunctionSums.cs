using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>Sums that a function keeps of its own documents, beside those of the facts, behind a watermark of its own.</summary>
/// <remarks>
/// The facts say which documents are new: what has a fact behind the watermark is in the sums, what has one after it is read from where it
/// stands. Of what is summed nothing may change after the fact was written.
/// </remarks>
/// <param name="Watermark">Name of its row in <c>watermark</c>, which the module's migration inserts with zero.</param>
/// <param name="Tables">The tables that it fills; they are emptied when all is to be summed again.</param>
/// <param name="Add">The statements that add the documents of the facts after one <c>tx</c> up to another, that one included.</param>
/// <param name="Of">What is summed: <c>fact</c>, or <c>ledger_transaction</c> for sums of entries; the chunks of <paramref name="Add"/> are of its <c>tx</c>.</param>
public sealed record FunctionSums(string Watermark, IReadOnlyList<string> Tables, Func<Engine, long, long, IReadOnlyList<Sql>> Add, string Of = "fact");
