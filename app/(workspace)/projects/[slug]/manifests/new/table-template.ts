/** A small table to begin with: each column's name says what it is. */
export const template = [
  "key,group,label,time,split,age,pressure",
  "scan-001,patient-01,well,2026-01-05,train,52,121",
  "scan-002,patient-01,well,2026-02-09,train,52,118",
  "scan-003,patient-02,ill,2026-01-19,validation,67,144",
  "scan-004,patient-03,well,2026-03-02,test,45,115",
  "scan-005,patient-04,ill,2026-03-11,test,71,",
  "",
].join("\r\n");
