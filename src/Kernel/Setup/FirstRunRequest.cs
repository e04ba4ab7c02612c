using Plug1.Kernel.Values;

namespace Plug1.Kernel.Setup;

/// <summary>The company to be made.</summary>
/// <param name="Name">Its name, as documents print it.</param>
/// <param name="Currency">ISO 4217 code of its books; it stays once something is booked.</param>
/// <param name="Country">ISO 3166-1, two letters: the first branch's region, by which taxes are determined.</param>
public sealed record FirstRunCompany(string Name, string Currency, string Country);

/// <summary>The first branch, with a warehouse and a till of its own.</summary>
/// <param name="Name">Name.</param>
/// <param name="TimeZone">Name of the IANA database.</param>
/// <param name="Code">Its code, and its warehouse's.</param>
/// <param name="Warehouse">Name of the warehouse; the branch's without it.</param>
/// <param name="Till">Name of the till.</param>
/// <param name="TillCode">The till's code, printed on receipts.</param>
public sealed record FirstRunBranch(string Name, string TimeZone, string Code = "MAIN", string? Warehouse = null, string Till = "Till 1", string TillCode = "T1");

/// <summary>A rate of the tax on sales.</summary>
/// <param name="Name">What people call it, such as Standard.</param>
/// <param name="Rate">0.2 is 20 %; more than zero.</param>
public sealed record FirstRunRate(string Name, Rate Rate);

/// <summary>The tax on sales.</summary>
/// <param name="Rates">Its rates, the usual one first; none for a business that takes no tax.</param>
/// <param name="Inclusive">Whether prices are with tax.</param>
/// <param name="Name">What documents call it.</param>
public sealed record FirstRunTaxes(IReadOnlyList<FirstRunRate> Rates, bool Inclusive = true, string Name = "VAT");

/// <summary>Who administers the company from the first moment on.</summary>
public sealed record FirstRunAdministrator(string UserName, string Name, string Password);

/// <summary>Somebody else who may sign in; they choose a password of their own then.</summary>
/// <param name="UserName">The name to sign in.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Password">The first password.</param>
/// <param name="Role">Code of a role template, held at every branch.</param>
public sealed record FirstRunUser(string UserName, string Name, string Password, string Role);

/// <summary>All that an empty database needs to sell.</summary>
/// <param name="Company">The company.</param>
/// <param name="Branch">Its first branch.</param>
/// <param name="Taxes">The tax on sales.</param>
/// <param name="Administrator">The first user.</param>
/// <param name="Users">Others.</param>
/// <param name="Functions">Functions that are switched on; all without it.</param>
/// <param name="Chart">The chart of accounts: <c>standard</c>, which maps every role that functions post to.</param>
public sealed record FirstRunRequest(
    FirstRunCompany Company, FirstRunBranch Branch, FirstRunTaxes Taxes, FirstRunAdministrator Administrator, IReadOnlyList<FirstRunUser>? Users = null,
    IReadOnlyList<string>? Functions = null, string Chart = "standard");

/// <summary>What the set-up made.</summary>
/// <param name="Company">The company's name.</param>
/// <param name="Branch">The branch's code.</param>
/// <param name="Till">The till's code.</param>
/// <param name="Administrator">Who signs in first.</param>
/// <param name="Users">The names of the others.</param>
/// <param name="TaxCodes">The codes of the tax codes, the usual one first.</param>
public sealed record FirstRunDone(string Company, string Branch, string Till, string Administrator, IReadOnlyList<string> Users, IReadOnlyList<string> TaxCodes);
