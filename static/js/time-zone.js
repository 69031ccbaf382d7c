// Sign-up takes the device's time zone, so that deadlines are right from the first day.
const field = document.querySelector("input[name=time_zone]");
if (field && !field.value) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
