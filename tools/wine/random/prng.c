/* Go asks bcryptprimitives.dll of Windows for random bytes; Wine before 9 has no such file.
   This one hands the question to the function that Wine has had since its beginning. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size)
{
	return RtlGenRandom(data, (ULONG)size);
}
